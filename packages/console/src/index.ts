export { readConsoleFiles, type ConsoleFile } from './console-files';
export { ConsoleFilesError } from './errors';
