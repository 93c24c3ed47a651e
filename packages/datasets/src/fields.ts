import type {
  CatalogueField,
  FeatureScaling,
  LabelField,
  NumbersField,
  PathField,
  TagsField,
  TextField,
  VectorsField,
} from '@vector-recall/model-store';

/**
 * What is known of users or items besides their ids, one entry for each row, as an artifact stores it. Values are finite
 * and standardised, zeros for a row that has no vector; no label stands twice in one list.
 */
export type Field = CatalogueField;

/** The fields that are labels. */
export type LabelsField = CategoryField | PathField | TagsField | TextField;

export type CategoryField = LabelField;
/** The scale of flags and one-hot columns is 1, and their mean 0. */
export type Standardisation = FeatureScaling;
export type { NumbersField, PathField, TagsField, TextField, VectorsField };
