import {
  ListVersionsRequest,
  ListVersionsResponse,
  ReloadModelRequest,
  ReloadModelResponse,
} from '../gen/recall/v1/admin';
import type { Answer } from '../server/call-path';
import type { ModelAdmin } from '../server/model-source';
import { decodeMessage } from '../wire/decode';

/** How each method of `AdminService` is answered. */
export function adminAnswers(admin: ModelAdmin): Readonly<Record<'listVersions' | 'reloadModel', Answer>> {
  return {
    listVersions: async (bytes) => {
      decodeMessage('ListVersionsRequest', ListVersionsRequest, bytes);
      const versions = await admin.versions();
      return Buffer.from(ListVersionsResponse.encode({ versions: [...versions] }).finish());
    },

    reloadModel: async (bytes) => {
      const { version } = decodeMessage('ReloadModelRequest', ReloadModelRequest, bytes);
      const reload = await admin.reload(version === '' ? undefined : version);
      const response = {
        modelVersion: reload.version,
        previousVersion: reload.previousVersion ?? '',
        loadMillis: Math.round(reload.loadMs),
      };
      return Buffer.from(ReloadModelResponse.encode(response).finish());
    },
  };
}
