import Type from 'typebox';

/** Problem details, in the schemas of responses. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.Optional(Type.String({ description: 'Of the error catalogue.' })),
    detail: Type.Optional(Type.String()),
  },
  { description: 'Problem details (RFC 9457)' },
);
