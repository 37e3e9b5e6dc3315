export { belongings, dealings } from './belongings.ts';
export {
  type AnyField,
  type CommandsOf,
  type ComponentsOf,
  type ContentOf,
  defineWorld,
  type EffectsOf,
  type EventsOf,
  type Fields,
  type OperationsOf,
  type StepValues,
  type Values,
  type World,
  type WorldDefinition,
} from './define-world.ts';
export {
  bool,
  choice,
  type EntityId,
  entityRef,
  type Field,
  heading,
  int,
  items,
  kept,
  numbered,
  owned,
  type PositionField,
  real,
  text,
  uint,
  type ValueOf,
  type Vec2,
  vec2,
} from './field.ts';
export { headingX, headingY, UNIT } from './heading-table.ts';
export { type Body, plain, TileMap, type TilePlan, type WorldMap } from './map.ts';
export { type PredictedStep, predictedStep, walker } from './step.ts';
export { compileStepInput } from './step-input.ts';
