import * as m from '@/paraglide/messages';
import { EmptyState } from '@/ui/EmptyState';
import { Card, Page, PageHeader } from '@/ui/Page';

export default function SettingsPage() {
  return (
    <Page>
      <PageHeader title={m.app_settings()} />
      <Card>
        <EmptyState>{m.ui_nothing_here()}</EmptyState>
      </Card>
    </Page>
  );
}
