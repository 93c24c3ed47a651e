export function findStaleSource(root: string, folder: string): string | undefined;
