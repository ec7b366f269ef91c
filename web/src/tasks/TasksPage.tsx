import * as m from '@/paraglide/messages';
import { EmptyState } from '@/ui/EmptyState';
import { Card, Page, PageHeader } from '@/ui/Page';

export default function TasksPage() {
  return (
    <Page>
      <PageHeader title={m.app_tasks()} />
      <Card>
        <EmptyState>{m.ui_nothing_here()}</EmptyState>
      </Card>
    </Page>
  );
}
