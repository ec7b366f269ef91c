import '@mantine/core/styles/ModalBase.layer.css';
import '@mantine/core/styles/Modal.layer.css';
import '@mantine/core/styles/Overlay.layer.css';
import '@mantine/core/styles/CloseButton.layer.css';
import { Modal as MantineModal } from '@mantine/core';
import type { ReactNode } from 'react';
import * as m from '@/paraglide/messages';
import { Button } from './Button';
import { useTopmost } from './overlay-stack';
import css from './overlays.module.css';

type Props = {
  title: string;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  width?: number;
  open?: boolean;
};

export function Modal({ title, onClose, children, footer, width = 440, open = true }: Props) {
  const topmost = useTopmost(open);
  return (
    <MantineModal
      opened={open}
      onClose={onClose}
      closeOnEscape={topmost}
      title={title}
      size={width}
      centered
      classNames={{
        content: `${css.content} ${css.modalContent}`,
        header: css.header,
        title: css.title,
        body: css.body,
        overlay: css.overlay,
        close: css.close,
      }}
      overlayProps={{ backgroundOpacity: 0 }}
      transitionProps={{ duration: 120, transition: 'pop' }}
      closeButtonProps={{ 'aria-label': m.ui_close() }}
    >
      {children}
      {footer && <div className={css.modalFooter}>{footer}</div>}
    </MantineModal>
  );
}

type ConfirmProps = {
  title: string;
  /** What will happen, in one sentence; fields (a reason) may follow. */
  children: ReactNode;
  confirm: string;
  danger?: boolean;
  loading?: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

export function ConfirmDialog({ title, children, confirm, danger, loading, onConfirm, onClose }: ConfirmProps) {
  return (
    <Modal
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button variant={danger ? 'danger' : 'primary'} loading={loading ?? false} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
    </Modal>
  );
}
