using System.Numerics;

namespace CocoonPool.Domain.Routing;

public enum BreakerPhase
{
    /// <summary>Requests pass.</summary>
    Closed = 0,

    /// <summary>No request passes until the pause is over.</summary>
    Open = 1,

    /// <summary>The pause is over: one request at a time tries whether it works again.</summary>
    HalfOpen = 2,
}

/// <summary>
/// Keeps requests away from a worker that fails. It opens after five failures in a row, or when half of the last twenty answers
/// (ten at least) failed; the pause doubles from one second to a minute with every failed try, and one success closes it. What
/// counts is decided by the caller: only losses, time-outs and the worker's own errors, never a client's mistake, never
/// back-pressure.
/// </summary>
/// <param name="Failures">In a row.</param>
/// <param name="History">The last answers, newest in the lowest bit, 1 = failed.</param>
/// <param name="Seen">How many answers the history holds, up to 20.</param>
/// <param name="Openings">In a row, without a success between them.</param>
/// <param name="Trying">A request is out that tries whether it works again.</param>
public readonly record struct CircuitBreaker(
    BreakerPhase Phase, int Failures, uint History, int Seen, int Openings, DateTimeOffset OpenUntil, bool Trying)
{
    private const int InARow = 5;
    private const int Window = 20;
    private const int LeastSeen = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>May a request be sent now?</summary>
    public bool Admits(DateTimeOffset now) => Phase switch
    {
        BreakerPhase.Closed => true,
        BreakerPhase.Open => now >= OpenUntil,
        _ => !Trying,
    };

    /// <summary>A request that was admitted is sent.</summary>
    public CircuitBreaker Begin() => Phase == BreakerPhase.Closed ? this : this with { Phase = BreakerPhase.HalfOpen, Trying = true };

    public CircuitBreaker Succeed() => Phase == BreakerPhase.Closed
        ? this with { Failures = 0, History = Next(false), Seen = Math.Min(Seen + 1, Window) }
        : default;

    public CircuitBreaker Fail(DateTimeOffset now)
    {
        var next = this with { Failures = Failures + 1, History = Next(true), Seen = Math.Min(Seen + 1, Window), Trying = false };
        var half = next.Seen >= LeastSeen && BitOperations.PopCount(next.History) * 2 >= next.Seen;
        if (Phase == BreakerPhase.Closed && next.Failures < InARow && !half)
            return next;
        // A request that began before the opening may fail after it: one outage is one opening.
        if (Phase == BreakerPhase.Open && now < OpenUntil)
            return next;
        return next with { Phase = BreakerPhase.Open, Openings = Openings + 1, OpenUntil = now + Pause(Openings) };
    }

    /// <summary>The request ended without saying anything about the worker: the client left, or its own mistake, or no room.</summary>
    public CircuitBreaker Release() => this with { Trying = false };

    private uint Next(bool failed) => ((History << 1) | (failed ? 1u : 0u)) & ((1u << Window) - 1);

    private static TimeSpan Pause(int openings)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(openings, 6));
        return pause < LongestPause ? pause : LongestPause;
    }
}
