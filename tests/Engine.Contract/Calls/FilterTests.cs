using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Engine.Contract;

public interface IFilteredGrain : IGrainWithStringKey
{
    Task<string> Echo(string text);

    Task<string> Refused();
}

public sealed class FilteredGrain : Grain, IFilteredGrain, IIncomingGrainCallFilter
{
    public Task<string> Echo(string text) => Task.FromResult(text);

    public Task<string> Refused() => Task.FromResult("never");

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Result is string text) context.Result = $"{text} own";
    }
}

public sealed class RecordingFilter(Probe probe) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not FilteredGrain)
        {
            await context.Invoke();
            return;
        }

        probe.Tell("filtered", $"{context.TargetId} {context.InterfaceMethod.Name} {context.ImplementationMethod.DeclaringType!.Name}");
        if (context.MethodName == nameof(IFilteredGrain.Refused)) throw new UnauthorizedAccessException("Not you.");
        if (context.Request.GetArgumentCount() == 1) context.Request.SetArgument(0, $"{context.Request.GetArgument(0)} changed");
        await context.Invoke();
        context.Result = $"{context.Result} outer";
    }
}

public sealed class FilterTests
{
    [Fact]
    public async Task Filters_RunAroundTheMethod_ServicesFirst_ThenTheGrainsOwn()
    {
        await using var host = await EngineHost.StartAsync(
            await EngineFixture.NewDatabaseAsync(nameof(FilterTests)), services: s => s.AddSingleton<IIncomingGrainCallFilter, RecordingFilter>());
        var grain = host.Grains.GetGrain<IFilteredGrain>("one");

        (await grain.Echo("text")).ShouldBe("text changed own outer");
        (await host.Probe.Next("filtered")).ShouldBe("filtered/one Echo FilteredGrain");
        (await Should.ThrowAsync<UnauthorizedAccessException>(grain.Refused())).Message.ShouldBe("Not you.");
    }
}
