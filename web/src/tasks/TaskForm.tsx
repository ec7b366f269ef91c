import type { DrawerFormProps } from '@/app/drawers';
import * as m from '@/paraglide/messages';
import { Drawer } from '@/ui/Drawer';
import { EmptyState } from '@/ui/EmptyState';

export default function TaskForm({ onClose }: DrawerFormProps) {
  return (
    <Drawer title={m.app_create_one({ name: m.app_task() })} onClose={onClose}>
      <EmptyState>{m.ui_nothing_here()}</EmptyState>
    </Drawer>
  );
}
