import { FollowUpList } from '@/follow_ups';
import * as m from '@/paraglide/messages';
import { Card, Page, PageHeader } from '@/ui/Page';
import { reportFollowUpsRoute } from './routes';

/** The records behind a figure. */
export default function FollowUpsPage() {
  const {
    new: _,
    for_customer: _c,
    for_opportunity: _o,
    for_plan: _p,
    for_start: _s,
    ...filter
  } = reportFollowUpsRoute.useSearch();
  return (
    <Page>
      <PageHeader title={m.reports_follow_ups()} />
      <Card flush>
        <FollowUpList filter={filter} />
      </Card>
    </Page>
  );
}
