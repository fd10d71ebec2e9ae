namespace CocoonPool.Engine.Deterministic;

/// <summary>What happened in one step of a simulation.</summary>
public enum TraceKind : byte
{
    /// <summary>A turn of a grain ran: what lies between two of its awaits.</summary>
    Turn,

    /// <summary>Code outside the engine ran on.</summary>
    Client,

    /// <summary>A timer fired.</summary>
    Timer,

    /// <summary>A request reached its receiver.</summary>
    Request,

    /// <summary>A response reached its caller.</summary>
    Response,

    /// <summary>A store did what it was asked to, or answered.</summary>
    Store,

    /// <summary>Fault: a request or response was held back.</summary>
    Delayed,

    /// <summary>Fault: a request never arrived.</summary>
    RequestLost,

    /// <summary>Fault: a response never arrived.</summary>
    ResponseLost,

    /// <summary>Fault: a store refused, and did nothing.</summary>
    StoreRefused,

    /// <summary>Fault: a store did what it was asked to, and reported a failure.</summary>
    StoreUnacknowledged,

    /// <summary>Fault: a store took its time.</summary>
    StoreSlow,

    /// <summary>Fault: a timer of the engine fired late.</summary>
    TimerLate,

    /// <summary>Fault: one activation died instead of running its next turn.</summary>
    ActivationCrash,

    /// <summary>Fault: the engine died with everything in it.</summary>
    EngineCrash,

    /// <summary>The engine was started.</summary>
    EngineStart,

    /// <summary>The wall clock was set.</summary>
    ClockJump,
}

/// <summary>One entry of the trace.</summary>
/// <param name="Step">The number of the step.</param>
/// <param name="After">The virtual time since the start of the simulation.</param>
/// <param name="Subject">The grain's type, the method, the store.</param>
/// <param name="Detail">The grain's key, or what else tells the subject apart.</param>
public readonly record struct TraceEntry(long Step, TimeSpan After, TraceKind Kind, string Subject, string Detail)
{
    public override string ToString() => $"{Step,8} {After:d\\.hh\\:mm\\:ss\\.fffffff} {Kind} {Subject} {Detail}".TrimEnd();
}

/// <summary>
/// Everything that was decided, as one running hash, and the last entries for people. Two runs with equal hashes took every
/// decision alike; the hash is made of characters and numbers only, never of <see cref="object.GetHashCode"/>.
/// </summary>
internal sealed class Trace
{
    private const int Kept = 512;

    private readonly TraceEntry[] _recent = new TraceEntry[Kept];
    private readonly long[] _counts = new long[Enum.GetValues<TraceKind>().Length];
    private long _entries;

    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    public IEnumerable<TraceEntry> Recent
    {
        get
        {
            for (var i = Math.Max(0, _entries - Kept); i < _entries; i++) yield return _recent[i % Kept];
        }
    }

    public long Count(TraceKind kind) => _counts[(int)kind];

    public void Record(in TraceEntry entry)
    {
        _recent[_entries++ % Kept] = entry;
        _counts[(int)entry.Kind]++;
        Mix((ulong)entry.Kind);
        Mix((ulong)entry.After.Ticks);
        Mix(entry.Subject);
        Mix(entry.Detail);
    }

    private void Mix(string text)
    {
        foreach (var character in text) Mix(character);
        Mix((ulong)text.Length);
    }

    // One round of FNV-1a over words instead of bytes, rotated so that the high bits of a word reach the low ones of the hash.
    private void Mix(ulong word) => Hash = ulong.RotateLeft((Hash ^ word) * 0x100000001B3, 23);
}
