export { addConfigFlags, givenConfigFlags } from './config-flags';
export { UsageError } from './errors';
export { describeFailure, exitCodes, printFailure, type Failure, type FailureOptions } from './failure';
export { letHeapGrow } from './heap-growth';
export { normaliseArguments } from './normalise';
export { write, type OutputStream, type Streams } from './streams';
export { toUsageError } from './usage';
