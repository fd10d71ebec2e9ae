namespace CocoonPool.Engine.Deterministic;

/// <summary>
/// What a store in memory does with each of its operations. Outside a simulation an operation is done at once; inside one it
/// becomes a message to a machine of its own, which goes on when the engine crashes: it can be refused, done without an
/// answer, or done late, even after the engine that asked for it has died and another has begun.
/// </summary>
public class StoreOperations
{
    /// <summary>Operations that are done at once.</summary>
    public static StoreOperations Immediate { get; } = new();

    /// <summary>Does <paramref name="effect"/>, which must not wait for anything, and returns what it returned.</summary>
    /// <param name="store">What is operated on, for the trace, such as <c>ledger</c>.</param>
    /// <param name="operation">What is done, for the trace, such as <c>post 17</c>.</param>
    /// <exception cref="SimulatedFaultException">Whether it was done is unknown.</exception>
    public virtual Task<T> PerformAsync<T>(string store, string operation, Func<T> effect)
    {
        try
        {
            return Task.FromResult(effect());
        }
        catch (Exception failure)
        {
            return Task.FromException<T>(failure);
        }
    }
}

/// <inheritdoc/>
internal sealed class SimulatedOperations(Simulation simulation, World world) : StoreOperations
{
    public override Task<T> PerformAsync<T>(string store, string operation, Func<T> effect)
    {
        // Continuations run in a step of their own, outside any turn, so they need no thread of the process.
        var answer = new TaskCompletionSource<T>();
        var faults = simulation.Faults;
        var refused = Draw(faults.StoreRefused, TraceKind.StoreRefused);
        var unacknowledged = !refused && Draw(faults.StoreUnacknowledged, TraceKind.StoreUnacknowledged);
        var slow = Draw(faults.StoreSlow, TraceKind.StoreSlow);
        Later(Arrive);
        return answer.Task;

        void Arrive()
        {
            if (refused)
            {
                answer.SetException(new SimulatedFaultException($"{store} refused to {operation}."));
                return;
            }

            T result;
            try
            {
                result = effect();
            }
            catch (Exception failure)
            {
                Later(() => answer.SetException(failure));
                return;
            }

            Later(() =>
            {
                if (unacknowledged) answer.SetException(new SimulatedFaultException($"{store} did not answer whether it could {operation}."));
                else answer.SetResult(result);
            });
        }

        bool Draw(double probability, TraceKind kind)
        {
            if (!world.Random.Chance(probability)) return false;
            world.Record(kind, store, operation);
            return true;
        }

        void Later(Action action)
            => world.Add(new Ready(TraceKind.Store, store, operation, null, null, action), slow ? world.Random.Span(faults.LongestDelay) : TimeSpan.Zero);
    }
}
