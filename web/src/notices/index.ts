export { UnreadNotices } from './UnreadNotices';
