import * as m from '@/paraglide/messages';
import { EmptyState } from '@/ui/EmptyState';
import { Card, Page, PageHeader } from '@/ui/Page';

export default function MyDayPage() {
  return (
    <Page>
      <PageHeader title={m.app_my_day()} />
      <Card>
        <EmptyState>{m.ui_nothing_here()}</EmptyState>
      </Card>
    </Page>
  );
}
