import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { ChannelKind, Tested } from '@/api/types';
import * as m from '@/paraglide/messages';
import { channelLabels } from '@/reminders';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/toast';

/** Sends a test message to oneself and says what came of it. */
export function TestButton({ channel }: { channel: ChannelKind }) {
  const [busy, setBusy] = useState(false);
  async function test() {
    setBusy(true);
    try {
      const tested = await api.post<Tested>('/notification-preferences/test', { body: { channel } });
      if (tested.sent) toast.success(m.notifications_test_sent());
      else toast.warning(m.notifications_test_failed({ error: tested.error }));
    } catch (error) {
      toast.problem(error);
    }
    refreshAfter('channel');
    setBusy(false);
  }
  return (
    <Button
      loading={busy}
      aria-label={`${m.notifications_test()} ${channelLabels()[channel]}`}
      onClick={() => void test()}
    >
      {m.notifications_test()}
    </Button>
  );
}
