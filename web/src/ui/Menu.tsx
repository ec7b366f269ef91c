import '@mantine/core/styles/Menu.layer.css';
import { Menu as MantineMenu, Popover as MantinePopover } from '@mantine/core';
import { type ReactElement, type ReactNode, useState } from 'react';
import css from './overlays.module.css';

export type MenuItem =
  | {
      /** Given where two labels may be alike. */
      key?: string;
      label: string;
      icon?: ReactNode;
      meta?: ReactNode;
      danger?: boolean;
      disabled?: boolean;
      onSelect: () => void;
    }
  | { heading: string }
  | 'divider';

type MenuProps = { trigger: ReactElement; items: MenuItem[]; align?: 'start' | 'end'; width?: number };

/** A button's menu; the trigger takes a ref (our buttons do). */
export function Menu({ trigger, items, align = 'end', width = 180 }: MenuProps) {
  return (
    <MantineMenu
      position={`bottom-${align}`}
      width={width}
      offset={4}
      withinPortal
      withInitialFocusPlaceholder={false}
      classNames={{ dropdown: css.menuDropdown, label: css.menuLabel }}
      transitionProps={{ duration: 120 }}
    >
      <MantineMenu.Target>{trigger}</MantineMenu.Target>
      <MantineMenu.Dropdown>
        {items.map((item, i) => {
          // biome-ignore lint/suspicious/noArrayIndexKey: dividers have no identity
          if (item === 'divider') return <MantineMenu.Divider key={i} />;
          if ('heading' in item) return <MantineMenu.Label key={item.heading}>{item.heading}</MantineMenu.Label>;
          return (
            <MantineMenu.Item
              key={item.key ?? item.label}
              className={`${css.menuItem} ${item.danger ? css.danger : ''}`}
              leftSection={item.icon}
              rightSection={item.meta}
              disabled={item.disabled ?? false}
              onClick={item.onSelect}
            >
              {item.label}
            </MantineMenu.Item>
          );
        })}
      </MantineMenu.Dropdown>
    </MantineMenu>
  );
}

type PopoverProps = {
  trigger: (toggle: () => void, open: boolean) => ReactElement;
  label: string;
  width?: number;
  align?: 'start' | 'end';
  children: (close: () => void) => ReactNode;
};

export function Popover({ trigger, label, width = 260, align = 'start', children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  return (
    <MantinePopover
      opened={open}
      onChange={setOpen}
      position={`bottom-${align}`}
      width={width}
      offset={4}
      trapFocus
      returnFocus
      withinPortal
      classNames={{ dropdown: css.menuDropdown }}
      transitionProps={{ duration: 120 }}
    >
      <MantinePopover.Target>{trigger(() => setOpen(!open), open)}</MantinePopover.Target>
      <MantinePopover.Dropdown p={6} aria-label={label}>
        {children(() => setOpen(false))}
      </MantinePopover.Dropdown>
    </MantinePopover>
  );
}
