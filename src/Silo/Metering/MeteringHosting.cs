namespace CocoonPool.Silo.Metering;

/// <summary>Puts metering into a host.</summary>
public static class MeteringHosting
{
    public static IServiceCollection AddMetering(this IServiceCollection services)
    {
        services.AddOptions<MeteringOptions>().BindConfiguration("Metering").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ClientMeter>();
        return services.AddHostedService(provider => provider.GetRequiredService<ClientMeter>());
    }
}
