import type { Catalogue } from './catalogue';

export declare function writeCatalogue(folder: string, catalogue: Catalogue): Promise<void>;
