export { Ledger } from './Ledger';
export { channelLabels, topicLabels } from './labels';
export { whySaid } from './reasons';
