import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactFiles, readNpy, type Catalogue } from '@vector-recall/model-store';
import { readsItemVectors, readTowers, vectorWidth, type TowerInputs } from '@vector-recall/towers/serving';
import { writeIds } from '../formats/ids';
import type { WriteFormat } from '../formats/source';
import { checkHasTowers } from '../formats/weights';
import { itemInputs, onnxInputsFile, userInputs, type OnnxTower } from './describe-inputs';
import { itemTowerGraph, userTowerGraph } from './towers';

/**
 * `user-tower.onnx` and `item-tower.onnx`, which give the vectors of the model to within 1e-5, the ids of their rows,
 * and `inputs.json` with the meaning of each input.
 */
export const writeOnnxFiles: WriteFormat = async ({ artifact, catalogue }, folder) => {
  checkHasTowers(artifact);
  const inputs = towerInputs(catalogue);
  artifact.path(artifactFiles.towers);
  const towers = await readTowers(artifact.folder, inputs);
  const itemVectors = readsItemVectors(towers.config)
    ? (await readNpy(artifact.path(artifactFiles.itemVectors), 'float32')).values
    : undefined;
  await writeFile(join(folder, 'user-tower.onnx'), userTowerGraph(towers, inputs, itemVectors).toBytes());
  await writeFile(join(folder, 'item-tower.onnx'), itemTowerGraph(towers, inputs).toBytes());
  const user: OnnxTower = {
    file: 'user-tower.onnx',
    ids: await writeIds(folder, 'user', catalogue.userIds),
    inputs: userInputs(catalogue, towers),
  };
  const item: OnnxTower = {
    file: 'item-tower.onnx',
    ids: await writeIds(folder, 'item', catalogue.itemIds),
    inputs: itemInputs(catalogue),
  };
  const about = { version: artifact.version, dimension: vectorWidth(towers.config), user, item };
  await writeFile(join(folder, onnxInputsFile), `${JSON.stringify(about, null, 2)}\n`);
};

function towerInputs(catalogue: Catalogue): TowerInputs {
  const { userIds, itemIds, userFields, itemFields, context, eventTypes } = catalogue;
  return {
    users: { count: userIds.size, fields: userFields, context, eventTypes },
    items: { count: itemIds.size, fields: itemFields },
  };
}
