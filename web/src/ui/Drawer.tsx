import '@mantine/core/styles/ModalBase.layer.css';
import '@mantine/core/styles/Drawer.layer.css';
import '@mantine/core/styles/Overlay.layer.css';
import '@mantine/core/styles/CloseButton.layer.css';
import { Drawer as MantineDrawer } from '@mantine/core';
import type { ReactNode } from 'react';
import * as m from '@/paraglide/messages';
import { useTopmost } from './overlay-stack';
import css from './overlays.module.css';
import { usePhone } from './use-phone';

type Props = {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons; they stay in sight while the content scrolls. */
  footer?: ReactNode;
  /** Width in pixels on wide screens (480); a phone shows a full-height sheet. */
  width?: number;
  open?: boolean;
};

export function Drawer({ title, onClose, children, footer, width = 480, open = true }: Props) {
  const phone = usePhone();
  const topmost = useTopmost(open);
  return (
    <MantineDrawer
      opened={open}
      onClose={onClose}
      closeOnEscape={topmost}
      title={title}
      position={phone ? 'bottom' : 'right'}
      size={phone ? '100%' : width}
      classNames={{
        content: `${css.content} ${css.drawerContent}`,
        header: css.header,
        title: css.title,
        body: css.drawerBody,
        overlay: css.overlay,
        close: css.close,
      }}
      overlayProps={{ backgroundOpacity: 0 }}
      transitionProps={{ duration: 200 }}
      closeButtonProps={{ 'aria-label': m.ui_close() }}
    >
      <div className={css.scroll}>{children}</div>
      {footer && <div className={css.footer}>{footer}</div>}
    </MantineDrawer>
  );
}
