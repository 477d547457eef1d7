/**
 * Calls `loop(on, into)`, and keeps the loop a function of its own. V8's middle compiler (Maglev, Node
 * 24) copies a callee into its caller, and there the best compiler reaches it late: a first fit took a
 * third longer. What a call site with several callees calls is not copied; all loops go through this
 * one.
 */
export const runLoop = <On, Into, Result>(
  loop: (on: On, into: Into) => Result,
  on: On,
  into: Into,
): Result => loop(on, into);
