import type { components } from '@/api/schema';

type Schemas = components['schemas'];

export type Parsed = Schemas['Parsed'];
export type FieldChange = Schemas['FieldChange'];
export type RequirementVersion = Schemas['RequirementVersion'];
export type MergePreview = Schemas['MergePreview'];
export type MergeRow = Schemas['MergeRow'];
export type BinItem = Schemas['BinItem'];
export type TwinGroup = Schemas['TwinGroup'];
export type Twin = Schemas['Twin'];
export type OwnerQuality = Schemas['OwnerQuality'];
