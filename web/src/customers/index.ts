export { followUpLabels, phoneCheckLabels, statusLabels, words } from './labels';
