import {
  type Announcements,
  type Collision,
  type CollisionDetection,
  DndContext,
  DragOverlay,
  type KeyboardCoordinateGetter,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  rectIntersection,
  TouchSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { type ReactNode, useState } from 'react';
import * as m from '@/paraglide/messages';

/** Below this the mouse is clicking; a finger must rest this long, so that a swipe still scrolls. */
const MOUSE_MOVE_PX = 6;
const LONG_PRESS_MS = 220;
const FINGER_SLACK_PX = 8;

type Props = {
  /** Names for what is read out: the card's and the column's. */
  cardName: (id: number) => string;
  columnName: (key: string) => string;
  onDrop: (id: number, column: string) => void;
  /** The card under the pointer while it is dragged. */
  overlay: (id: number) => ReactNode;
  children: ReactNode;
};

/** All of drag and drop: mouse, long press, keyboard (Space lifts, arrows choose the column, Space drops, Esc cancels). */
export function DragBoard({ cardName, columnName, onDrop, overlay, children }: Props) {
  const [dragged, setDragged] = useState<number>();
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: MOUSE_MOVE_PX } }),
    useSensor(TouchSensor, { activationConstraint: { delay: LONG_PRESS_MS, tolerance: FINGER_SLACK_PX } }),
    useSensor(KeyboardSensor, { coordinateGetter: toNextColumn }),
  );
  const over = (id: number, column: string | number | undefined) =>
    column === undefined
      ? m.opportunities_drag_nowhere({ name: cardName(id) })
      : m.opportunities_drag_over({ name: cardName(id), stage: columnName(String(column)) });
  const announcements: Announcements = {
    onDragStart: ({ active }) => m.opportunities_drag_start({ name: cardName(Number(active.id)) }),
    onDragOver: ({ active, over: column }) => over(Number(active.id), column?.id),
    onDragEnd: ({ active, over: column }) => over(Number(active.id), column?.id),
    onDragCancel: ({ active }) => m.opportunities_drag_cancel({ name: cardName(Number(active.id)) }),
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={underPointer}
      accessibility={{ announcements, screenReaderInstructions: { draggable: m.opportunities_drag_help() } }}
      onDragStart={({ active }) => setDragged(Number(active.id))}
      onDragCancel={() => setDragged(undefined)}
      onDragEnd={({ active, over: column }) => {
        setDragged(undefined);
        if (column) onDrop(Number(active.id), String(column.id));
      }}
    >
      {children}
      <DragOverlay dropAnimation={null}>{dragged !== undefined && overlay(dragged)}</DragOverlay>
    </DndContext>
  );
}

/** The column under the pointer; by keyboard, where there is none, the one the card covers most. */
const underPointer: CollisionDetection = (args): Collision[] => {
  const within = pointerWithin(args);
  return within.length > 0 ? within : rectIntersection(args);
};

const toNextColumn: KeyboardCoordinateGetter = (event, { context, currentCoordinates }) => {
  const step = event.code === 'ArrowRight' ? 1 : event.code === 'ArrowLeft' ? -1 : 0;
  const dragged = context.collisionRect;
  if (!step || !dragged) return undefined;
  event.preventDefault();
  const columns = [...context.droppableRects.values()].sort((a, b) => a.left - b.left);
  const middle = dragged.left + dragged.width / 2;
  const ahead = columns.filter((rect) => {
    const centre = rect.left + rect.width / 2;
    return step > 0 ? centre > middle + 1 : centre < middle - 1;
  });
  const next = step > 0 ? ahead[0] : ahead.at(-1);
  if (!next) return undefined;
  return {
    x: currentCoordinates.x + (next.left + next.width / 2) - middle,
    y: currentCoordinates.y + Math.max(0, next.top - dragged.top),
  };
};

/** `grip` takes mouse and finger anywhere on the card, `handle` is the button that the keyboard lifts it with. */
export function useCard(id: number, disabled: boolean) {
  const { setNodeRef, setActivatorNodeRef, listeners, attributes, isDragging } = useDraggable({ id, disabled });
  const { onKeyDown, ...grip } = (listeners ?? {}) as Record<string, (event: never) => void>;
  return {
    ref: setNodeRef,
    grip: grip as Record<string, () => void>,
    handle: {
      ref: setActivatorNodeRef,
      onKeyDown: onKeyDown as unknown as React.KeyboardEventHandler | undefined,
      'aria-describedby': attributes['aria-describedby'],
    },
    dragging: isDragging,
  };
}

export function useColumn(key: string) {
  const { setNodeRef, isOver } = useDroppable({ id: key });
  return { ref: setNodeRef, over: isOver };
}
