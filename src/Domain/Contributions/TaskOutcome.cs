namespace CocoonPool.Domain.Contributions;

/// <summary>How a task ended. The last three are neutral: they count for nobody.</summary>
public enum TaskOutcome
{
    Success = 0,

    /// <summary>It failed and the worker is to blame.</summary>
    WorkerFault = 1,

    /// <summary>The client went away.</summary>
    ClientAborted = 2,

    /// <summary>The client's request was wrong (4xx).</summary>
    ClientError = 3,

    /// <summary>The back end asked to slow down.</summary>
    BackPressure = 4,
}

/// <summary>The outcomes as receipts write them.</summary>
public static class TaskOutcomeWords
{
    public static string ToWord(this TaskOutcome outcome) => outcome switch
    {
        TaskOutcome.Success => "success",
        TaskOutcome.WorkerFault => "worker_fault",
        TaskOutcome.ClientAborted => "client_aborted",
        TaskOutcome.ClientError => "client_error",
        TaskOutcome.BackPressure => "back_pressure",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    public static bool TryParse(string? word, out TaskOutcome outcome)
    {
        TaskOutcome? found = word switch
        {
            "success" => TaskOutcome.Success,
            "worker_fault" => TaskOutcome.WorkerFault,
            "client_aborted" => TaskOutcome.ClientAborted,
            "client_error" => TaskOutcome.ClientError,
            "back_pressure" => TaskOutcome.BackPressure,
            _ => null,
        };
        outcome = found ?? default;
        return found is not null;
    }

    /// <summary>Whether the outcome counts for nobody.</summary>
    public static bool IsNeutral(this TaskOutcome outcome) => outcome is not (TaskOutcome.Success or TaskOutcome.WorkerFault);
}
