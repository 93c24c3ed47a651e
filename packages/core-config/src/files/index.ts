/** Errors of files alone, for packages that need no options: loading the schemas of all options takes time. */
export { errnoOf, FileError, fileErrorOf, namedFileErrorOf, usingFile, type FileAction } from './file-error';
export { writeAside } from './write-aside';
