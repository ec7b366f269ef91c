import * as m from '@/paraglide/messages';
import { EmptyState } from '@/ui/EmptyState';
import { Card, Page, PageHeader } from '@/ui/Page';

export default function CalendarPage() {
  return (
    <Page>
      <PageHeader title={m.app_calendar()} />
      <Card>
        <EmptyState>{m.ui_nothing_here()}</EmptyState>
      </Card>
    </Page>
  );
}
