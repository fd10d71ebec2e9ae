using CocoonPool.Domain.Contributions;

namespace CocoonPool.Client.Agent.Tasks;

/// <summary>What the status at the end of a task means for its receipt.</summary>
internal static class TaskOutcomes
{
    public const int Cancelled = 499;

    public static TaskOutcome Of(int status) => status switch
    {
        200 => TaskOutcome.Success,
        Cancelled => TaskOutcome.ClientAborted,
        429 or 503 => TaskOutcome.BackPressure,
        >= 400 and < 500 => TaskOutcome.ClientError,
        _ => TaskOutcome.WorkerFault,
    };
}
