import { findAddon } from './addon';

/**
 * Hands memory that this process has freed back to the system, on a thread of Node's: glibc keeps the pages between
 * others, which after a few large models come to more than the model in use. Without the native engine, or without
 * glibc, it does nothing.
 */
export async function returnFreedMemory(): Promise<void> {
  await findAddon()?.returnFreedMemory();
}
