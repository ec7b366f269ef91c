import { lazy } from 'react';

export const KeepReport = lazy(() => import('./KeepReport'));
