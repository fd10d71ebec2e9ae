namespace CocoonPool.Engine.Local;

/// <summary>Something that runs calls: an activation, a set of stateless workers, an observer.</summary>
internal abstract class Receiver(LocalEngine engine, GrainId grainId)
{
    /// <summary>The receiver whose turn this is, or null outside the engine.</summary>
    public static Receiver? Current => (TaskScheduler.Current as TurnScheduler)?.Owner;

    public LocalEngine Engine { get; } = engine;

    public GrainId GrainId { get; } = grainId;

    /// <summary>The object that the methods of a call are invoked on.</summary>
    public abstract object? Instance { get; }

    /// <summary>What the receiver is busy with, for the message of a call that timed out waiting for it.</summary>
    public virtual string Occupation => "idle";

    /// <summary>Takes the call, to run it at its turn. False when the receiver is gone and the call needs another.</summary>
    public abstract bool TryReceive(Call call);

    /// <summary>Runs something between the awaits of whatever runs; used to cancel.</summary>
    public abstract void Post(Action<object?> action, object? state);
}

/// <summary>What a reference points to.</summary>
internal abstract class CallTarget(GrainId grainId)
{
    public GrainId GrainId { get; } = grainId;

    /// <summary>Hands the call to a receiver, or fails it.</summary>
    public abstract void Receive(Call call);
}

/// <summary>A grain identity; each call finds, or makes, the receiver that stands for it now.</summary>
internal sealed class GrainTarget(ActivationDirectory directory, GrainClass grainClass, GrainId grainId) : CallTarget(grainId)
{
    public override void Receive(Call call)
    {
        try
        {
            while (!directory.GetOrAdd(grainClass, this).TryReceive(call))
            {
                // That activation ended between the look-up and the delivery; it left the directory before it said no.
            }
        }
        catch (SiloUnavailableException stopping)
        {
            call.TryFail(stopping);
        }
    }
}
