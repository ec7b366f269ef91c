import { lazy } from 'react';

export { every, lastSaid, SEND_TONES } from './labels';
export const SubscribeDialog = lazy(() => import('./SubscribeDialog'));
