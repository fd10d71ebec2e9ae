using Microsoft.Extensions.Logging;

namespace CocoonPool.Engine.Local;

internal sealed partial class LocalEngine
{
    public void CallFailed(Call call, Exception failure)
    {
        // A caller hears of the failure itself; a one-way call has nobody else to tell.
        if (call.Shape.OneWay) LogOneWayCallFailed(call, failure);
        else LogCallFailed(call, failure);
    }

    [LoggerMessage(1, LogLevel.Debug, "{Call} failed.")]
    private partial void LogCallFailed(Call call, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "{Call} failed, and it was one-way.")]
    private partial void LogOneWayCallFailed(Call call, Exception failure);

    [LoggerMessage(3, LogLevel.Error, "{GrainId} could not be activated.")]
    public partial void ActivationFailed(GrainId grainId, Exception failure);

    [LoggerMessage(4, LogLevel.Warning, "{GrainId} was deactivated, but not without a failure.")]
    public partial void DeactivationFailed(GrainId grainId, Exception failure);

    [LoggerMessage(5, LogLevel.Warning, "A timer of {GrainId} failed; it ticks on.")]
    public partial void TimerFailed(GrainId grainId, Exception failure);

    [LoggerMessage(6, LogLevel.Warning, "Reminder {Reminder} of {GrainId} failed; it ticks on.")]
    public partial void ReminderFailed(string reminder, GrainId grainId, Exception failure);

    [LoggerMessage(7, LogLevel.Warning, "Stopped with {Activations} activations whose requests did not end in time.")]
    public partial void Abandoned(int activations);
}
