import * as m from '@/paraglide/messages';
import { EmptyState } from '@/ui/EmptyState';
import { Card, Page, PageHeader } from '@/ui/Page';

export default function OpportunityPage() {
  return (
    <Page>
      <PageHeader title={m.app_opportunity()} />
      <Card>
        <EmptyState>{m.ui_nothing_here()}</EmptyState>
      </Card>
    </Page>
  );
}
