import { Navigate } from '@tanstack/react-router';
import * as m from '@/paraglide/messages';
import { EmptyState } from '@/ui/EmptyState';
import { Card, Page, PageHeader } from '@/ui/Page';
import { useSections } from './sections';

/** 设置 opens the first section one may manage. */
export default function SettingsIndex() {
  const first = useSections()[0];
  if (first) return <Navigate to={first.to} replace />;
  return (
    <Page>
      <PageHeader title={m.app_settings()} />
      <Card>
        <EmptyState>{m.settings_nothing()}</EmptyState>
      </Card>
    </Page>
  );
}
