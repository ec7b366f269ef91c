import { useEffect, useRef } from 'react';

type Actions = {
  /** The search is asked for, perhaps still on its way: what is typed now is meant for it. */
  searching: boolean;
  palette: () => void;
  create: (key: string) => void;
  go: (to: '/' | '/customers' | '/opportunities' | '/calendar' | '/tasks') => void;
  filter: () => void;
};

const PLACES: Record<string, Parameters<Actions['go']>[0]> = {
  d: '/',
  c: '/customers',
  o: '/opportunities',
  e: '/calendar',
  t: '/tasks',
};
const SEQUENCE_MS = 900;

/** Ctrl/⌘ K searches; C O F E T create; G then D C O E T goes; / filters. Silent in fields, popups and compositions. */
export function useKeys(actions: Actions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    let goingSince = 0;
    function press(event: KeyboardEvent) {
      const key = event.key.toLowerCase();
      if (event.isComposing) return;
      if (key === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        latest.current.palette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || latest.current.searching || busy(event.target)) return;
      const going = event.timeStamp - goingSince < SEQUENCE_MS && goingSince > 0;
      goingSince = 0;
      const place = PLACES[key];
      if (going && place) latest.current.go(place);
      else if (key === 'g') goingSince = event.timeStamp;
      else if (key === '/') latest.current.filter();
      else if ('cofet'.includes(key) && key.length === 1) latest.current.create(key);
      else return;
      event.preventDefault();
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

function busy(target: EventTarget | null): boolean {
  if (target instanceof HTMLElement && target.closest('input,textarea,select,[contenteditable="true"],[role="menu"]')) {
    return true;
  }
  return document.querySelector('[role="dialog"]') !== null;
}
