import { FIXED32, FIXED64, LENGTH_DELIMITED, VARINT } from './proto-reader';

/** Tags of the contract's fields: number and wire type. See `recall.proto` for their meaning. */
export const varint = (field: number): number => (field << 3) | VARINT;
export const delimited = (field: number): number => (field << 3) | LENGTH_DELIMITED;
export const fixed32 = (field: number): number => (field << 3) | FIXED32;
export const fixed64 = (field: number): number => (field << 3) | FIXED64;
