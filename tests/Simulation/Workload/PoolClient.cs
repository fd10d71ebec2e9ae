using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains;
using CocoonPool.PoolSimulation.Audit;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.Workload;

/// <summary>Somebody outside who asks until there is an answer, as people, agents and their libraries do.</summary>
public abstract class PoolClient(SimulatedPool pool)
{
    protected SimulatedPool Pool => pool;

    protected Auditor Auditor => pool.Auditor;

    protected Simulation Simulation => pool.Simulation;

    protected SeededRandom Random => pool.Simulation.Random;

    protected DateTimeOffset Now => pool.Simulation.Time.GetUtcNow();

    /// <summary>Asks again and again while the outcome is unknown. A failure that no fault explains is a bug.</summary>
    protected async Task<T> UntilAnswered<T>(Func<IGrainFactory, Task<T>> ask)
    {
        while (true)
        {
            try
            {
                await Simulation.WhenUpAsync();
                return await ask(Simulation.Grains);
            }
            catch (Exception failure) when (AuditedLog.IsExplained(failure))
            {
                await Wait(Random.Span(TimeSpan.FromMinutes(2)));
            }
        }
    }

    /// <summary>Also asks again, every hour or so, while the answer is one of these refusals.</summary>
    protected async Task<Outcome<T>> UntilNotRefused<T>(Func<IGrainFactory, Task<Outcome<T>>> ask, params string[] passing)
        where T : class
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await UntilAnswered(ask);
            if (answer.Accepted || attempt == 50 || !passing.Contains(answer.Refusal, StringComparer.Ordinal))
                return answer;
            await Wait(Random.Span(TimeSpan.FromHours(2)));
        }
    }

    protected Task Wait(TimeSpan duration) => Task.Delay(duration, Simulation.Time);
}
