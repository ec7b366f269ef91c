import { useReducer, useRef } from 'react';
import { OnceKey } from '@/api/client';
import { messageOf, Problem } from '@/api/problem';
import { upload } from '@/api/upload';
import { settled, type Upload, uploadsAfter } from './upload-state';

export type Uploads = {
  list: Upload[];
  add: (files: Iterable<File>) => void;
  remove: (key: number) => void;
  /** Sends what waits or may be tried again, one file after the other; true when every file is attached. */
  send: (followUpId: number) => Promise<boolean>;
};

/** The files of one open form. */
export function useUploads(): Uploads {
  const [list, dispatch] = useReducer(uploadsAfter, []);
  const files = useRef(new Map<number, { file: File; once: string }>());
  const lastKey = useRef(0);

  return {
    list,
    add: (chosen) => {
      const added = [...chosen].map((file) => {
        lastKey.current += 1;
        files.current.set(lastKey.current, { file, once: new OnceKey().for(lastKey.current) });
        return { key: lastKey.current, name: file.name, size: file.size };
      });
      dispatch({ kind: 'added', files: added });
    },
    remove: (key) => {
      files.current.delete(key);
      dispatch({ kind: 'removed', key });
    },
    send: async (followUpId) => {
      let now = list;
      const tell = (event: Parameters<typeof uploadsAfter>[1]) => {
        now = uploadsAfter(now, event);
        dispatch(event);
      };
      for (const { key, state, final } of list) {
        const found = files.current.get(key);
        if (!found || state === 'done' || final) continue;
        tell({ kind: 'retried', key });
        tell({ kind: 'sent', key, progress: 0 });
        try {
          await upload({ kind: 'follow-ups', id: followUpId }, found.file, found.once, (progress) =>
            tell({ kind: 'sent', key, progress }),
          );
          tell({ kind: 'done', key });
        } catch (error) {
          tell({ kind: 'refused', key, error: reason(error) });
        }
      }
      return settled(now);
    },
  };
}

/** What the server says about the file, rather than about the request. */
function reason(error: unknown): string {
  return (error instanceof Problem && error.fields[0]?.message) || messageOf(error);
}
