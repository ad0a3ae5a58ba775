/**
 * How many agents a load needs, by the queueing models of A. K. Erlang (1917) and C. Palm (1946). Formulas as in
 * N. Gans, G. Koole, A. Mandelbaum, "Telephone Call Centers: Tutorial, Review, and Research Prospects", M&SOM 5 (2003), and
 * A. Mandelbaum, S. Zeltyn, "Service Engineering in Action: The Palm/Erlang-A Queue" (2007).
 *
 * `load` is offered traffic in erlangs: arrivals a second times seconds of handling.
 */

/** Erlang B: the share of calls that find all `agents` busy where nobody waits. Recursion, so no factorial overflows. */
export function erlangB(agents: number, load: number): number {
  let blocked = 1;
  for (let n = 1; n <= agents; n += 1) blocked = (load * blocked) / (n + load * blocked);
  return blocked;
}

/** Erlang C: the share of calls that wait, in M/M/n without abandonment; 1 where the load is not below the agents. */
export function erlangC(agents: number, load: number): number {
  if (load <= 0) return 0;
  if (load >= agents) return 1;
  return waitOf(erlangB(agents, load), agents, load);
}

function waitOf(blocked: number, agents: number, load: number): number {
  return (agents * blocked) / (agents - load * (1 - blocked));
}

/** Share of calls answered within `withinMs`, in M/M/n without abandonment. */
export function serviceLevel(agents: number, load: number, handleMs: number, withinMs: number): number {
  if (load <= 0) return 1;
  if (load >= agents) return 0;
  return 1 - erlangC(agents, load) * Math.exp((-(agents - load) * withinMs) / handleMs);
}

/** Mean wait over all calls, those without wait among them, in M/M/n; infinite where the load is not below the agents. */
export function meanWaitMs(agents: number, load: number, handleMs: number): number {
  if (load <= 0) return 0;
  return load >= agents ? Number.POSITIVE_INFINITY : (erlangC(agents, load) * handleMs) / (agents - load);
}

export interface ServiceGoal {
  /** Share to be answered in time, 0–1 (below 1). */
  readonly share: number;
  readonly withinMs: number;
  readonly handleMs: number;
}

/** The fewest agents with which a load reaches the goal, in M/M/n. Throws `RangeError` for a goal nothing reaches. */
export function agentsNeeded(load: number, { share, withinMs, handleMs }: ServiceGoal): number {
  if (!(share < 1) || !(handleMs > 0) || !Number.isFinite(load)) throw new RangeError("not a goal that can be reached");
  if (load <= 0) return 0;
  let blocked = 1;
  for (let agents = 1; ; agents += 1) {
    blocked = (load * blocked) / (agents + load * blocked);
    if (agents <= load) continue;
    const late = waitOf(blocked, agents, load) * Math.exp((-(agents - load) * withinMs) / handleMs);
    if (1 - late >= share) return agents;
  }
}

export interface ErlangA {
  /** Share of calls that wait. */
  readonly waits: number;
  /** Share of calls that abandon. */
  readonly abandons: number;
  /** Mean time in the queue over all calls, however it ended. */
  readonly meanWaitMs: number;
  readonly meanQueue: number;
  readonly occupancy: number;
}

/**
 * Erlang A, M/M/n+M: customers hang up after an exponential patience of mean `patienceMs`. From the balance of the birth
 * and death process itself, summed outwards from its most likely state, so that nothing overflows or cancels.
 */
export function erlangA(agents: number, load: number, handleMs: number, patienceMs: number): ErlangA {
  if (load <= 0) return { waits: 0, abandons: 0, meanWaitMs: 0, meanQueue: 0, occupancy: 0 };
  // In units of 1/handleMs: arrivals `load`, services one a busy agent, hang-ups `impatience` a waiting customer.
  const impatience = handleMs / patienceMs;
  const deaths = (state: number) => Math.min(state, agents) + Math.max(0, state - agents) * impatience;
  let mode = Math.floor(Math.min(load, agents));
  while (deaths(mode + 1) < load) mode += 1;
  let [all, waiting, queue, busy] = [0, 0, 0, 0];
  const add = (state: number, weight: number): void => {
    all += weight;
    busy += Math.min(state, agents) * weight;
    if (state >= agents) waiting += weight;
    queue += Math.max(0, state - agents) * weight;
  };
  add(mode, 1);
  for (let state = mode, weight = 1; state > 0 && weight > 1e-300; state -= 1) {
    weight *= deaths(state) / load;
    add(state - 1, weight);
  }
  for (let state = mode + 1, weight = 1; ; state += 1) {
    weight *= load / deaths(state);
    add(state, weight);
    if (state > agents && weight * state < 1e-18 * all) break;
  }
  const meanQueue = queue / all;
  return {
    ...{ waits: waiting / all, abandons: (impatience * meanQueue) / load, meanQueue },
    ...{ meanWaitMs: (meanQueue / load) * handleMs, occupancy: busy / all / agents },
  };
}
