import { lazy } from 'react';

/** What people say to each other about a record; in a chunk of its own. */
export const Comments = lazy(() => import('./Comments'));
