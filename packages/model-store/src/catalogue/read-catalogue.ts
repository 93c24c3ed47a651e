import type { Artifact } from '../store/artifact';
import type { Catalogue } from './catalogue';

export declare function readCatalogue(artifact: Pick<Artifact, 'path' | 'has'>): Promise<Catalogue>;
