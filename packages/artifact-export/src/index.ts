export { ExportError, ImportError } from './errors';
export { exportArtifact, exportFormats, type ExportFormat, type ExportReport } from './export-artifact';
export { readHnswlibFile, type HnswlibVectors } from './hnswlib/read-hnswlib';
export { stageHnswlibFile, type StagedVectors } from './hnswlib/stage-hnswlib';
export { onnxInputsFile, type OnnxInput, type OnnxTower } from './onnx/describe-inputs';
