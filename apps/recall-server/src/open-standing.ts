import { StandingStore } from '@vector-recall/recall-service';

/**
 * Opens the rules that hold for every request.
 * @param file empty for a server that keeps none
 * @throws StandingFileError
 */
export async function openStanding(file: string): Promise<StandingStore | undefined> {
  return file === '' ? undefined : StandingStore.open(file);
}
