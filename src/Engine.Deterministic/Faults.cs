namespace CocoonPool.Engine.Deterministic;

/// <summary>How often things go wrong. Probabilities are from 0 to 1; everything is 0 unless said otherwise.</summary>
public sealed record Faults
{
    /// <summary>Nothing goes wrong. The order is still drawn.</summary>
    public static Faults None { get; } = new();

    /// <summary>Everything goes wrong, each often enough to meet the others, and rarely enough for work to be done.</summary>
    public static Faults All { get; } = new()
    {
        MessageDelayed = 0.05,
        RequestLost = 0.005,
        ResponseLost = 0.005,
        TimerLate = 0.05,
        StoreRefused = 0.02,
        StoreUnacknowledged = 0.02,
        StoreSlow = 0.05,
        ActivationCrash = 0.002,
        EngineCrash = 0.0005,
    };

    /// <summary>Of each request and each response: that it is held back, and others pass it.</summary>
    public double MessageDelayed { get; init; }

    /// <summary>Of each request: that it never arrives. Its caller times out.</summary>
    public double RequestLost { get; init; }

    /// <summary>Of each response: that it never arrives, though the grain did its work.</summary>
    public double ResponseLost { get; init; }

    /// <summary>Of each timer of the engine: that it fires late. Reminders follow such timers.</summary>
    public double TimerLate { get; init; }

    /// <summary>Of each operation of a store: that it fails and did nothing.</summary>
    public double StoreRefused { get; init; }

    /// <summary>Of each operation of a store: that it reports a failure and has been done.</summary>
    public double StoreUnacknowledged { get; init; }

    /// <summary>Of each operation of a store: that it takes time before it is done, and again before it answers.</summary>
    public double StoreSlow { get; init; }

    /// <summary>Of each turn: that its activation dies instead.</summary>
    public double ActivationCrash { get; init; }

    /// <summary>Of each turn, request and response in the engine: that the whole engine dies instead. It is started again after its downtime.</summary>
    public double EngineCrash { get; init; }

    /// <summary>The longest that a message is held back, a timer is late or a store pauses.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that a crashed engine stays down.</summary>
    public TimeSpan LongestDowntime { get; init; } = TimeSpan.FromMinutes(1);
}
