import { useNavigate } from '@tanstack/react-router';
import * as m from '@/paraglide/messages';
import { Ledger } from '@/reminders';
import { Page, PageHeader } from '@/ui/Page';
import { myRemindersRoute } from './routes';

/** 我的提醒: what is planned for the reader and what became of it (I13). */
export default function MyRemindersPage() {
  const search = myRemindersRoute.useSearch();
  const navigate = useNavigate({ from: '/notifications/reminders' });
  return (
    <Page>
      <PageHeader title={m.notifications_my_reminders()} />
      <Ledger
        label={m.notifications_my_reminders()}
        mine
        search={search}
        onChange={(next) => void navigate({ search: next, replace: true })}
      />
    </Page>
  );
}
