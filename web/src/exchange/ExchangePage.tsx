import { useNavigate } from '@tanstack/react-router';
import { useCan } from '@/api/session';
import * as m from '@/paraglide/messages';
import { Page, PageHeader } from '@/ui/Page';
import { Tabs } from '@/ui/Tabs';
import { ExportList } from './ExportList';
import { ImportList } from './ImportList';
import { NewImport } from './NewImport';
import { exchangeRoute } from './routes';

/** 导入导出: a file to bring in, the templates, what was brought in and what was taken out (I32, I46, I47). */
export default function ExchangePage() {
  const search = exchangeRoute.useSearch();
  const navigate = useNavigate({ from: '/exchange' });
  const can = useCan();
  const tab = can('import_records') ? (search.tab ?? 'imports') : 'exports';
  return (
    <Page>
      <PageHeader title={m.exchange_menu()} />
      {can('import_records') && (
        <Tabs
          label={m.exchange_menu()}
          value={tab}
          onChange={(next) => void navigate({ search: next === 'imports' ? {} : { tab: next } })}
          tabs={[
            { value: 'imports', label: m.exchange_imports() },
            { value: 'exports', label: m.exchange_exports() },
          ]}
        />
      )}
      {tab === 'imports' ? (
        <>
          <NewImport />
          <ImportList />
        </>
      ) : (
        <ExportList />
      )}
    </Page>
  );
}
