import { useNavigate } from '@tanstack/react-router';
import { api } from '@/api/client';
import { queryClient } from '@/api/query-client';
import type { Notification } from '@/api/types';
import { toast } from '@/ui/toast';

function refresh() {
  void queryClient.invalidateQueries({ queryKey: ['notifications'] });
}

/** Marks a message as read and goes to what it speaks of. */
export function useOpenNotification(): (notification: Notification) => void {
  const navigate = useNavigate();
  return (notification) => {
    if (!notification.read_at) {
      api.post('/notifications/{id}/read', { path: { id: notification.id } }).then(refresh, toast.problem);
    }
    if (notification.link) void navigate({ to: notification.link } as never);
  };
}

export async function readAll(): Promise<void> {
  try {
    await api.post('/notifications/read-all');
    refresh();
  } catch (error) {
    toast.problem(error);
  }
}
